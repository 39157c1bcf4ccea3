"""The web console on the API's server, where the package has one."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from treadle import web
from treadle.api.security import Security
from treadle.app import App


def mount(http: FastAPI, app: App, security: Security) -> None:
    """Add the pages to the API's server, under the same guard."""
    http.mount("/static", StaticFiles(directory=web.STATIC), name="static")
    http.include_router(web.build(app, security), include_in_schema=False)
