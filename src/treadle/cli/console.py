"""The web console on the API's server."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from treadle import web
from treadle.api.security import requires, scopes_of
from treadle.app import App


def mount(http: FastAPI, app: App) -> None:
    """Add the pages to the API's server, under the same guard."""
    http.mount("/static", StaticFiles(directory=web.STATIC), name="static")
    everything = [requires(*scopes_of(app.domains))]  # a page may show and do anything
    http.include_router(web.build(app), include_in_schema=False, dependencies=everything)
