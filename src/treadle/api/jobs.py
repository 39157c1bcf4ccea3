"""The routes of jobs: how far a run is, as it goes on, what came of it; cancel and resume."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from treadle.api.body import Limits
from treadle.api.domains import only
from treadle.api.kinds import STRICT, Limit, Text
from treadle.api.problem import documented, stop
from treadle.api.queue import Job, Queue
from treadle.api.security import Caller, check_scopes
from treadle.app import App
from treadle.kernel import ThingId
from treadle.kernel.plain import to_plain
from treadle.kernel.work import RUN_PREFIX, Life, fold

Id = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="The run's own name without its prefix.")
]
_SECURITY: list[dict[str, list[str]]] = [{"localKey": []}, {"oauth2": []}]
"""Which scope it is depends on the run's domain: `<domain>:read`, `<domain>:write`."""
_HEARTBEAT_S = 15.0
_MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobList:
    """Jobs in the order of their names; `next` continues after them, or is None at the end."""

    jobs: tuple[Job, ...]
    next: str | None


class JobPage(BaseModel):
    """Which jobs to give."""

    model_config = STRICT
    after: Annotated[Text, Field(description="The job that they follow.")] = ""
    limit: Annotated[Limit, Field(description="How many at most.")] = 100


class ResultForm(BaseModel):
    """In which form."""

    model_config = STRICT
    format: Annotated[
        Literal["json", "csv", "parquet"],
        Field(description="What came of it (json), or its rows as a file, where they were kept."),
    ] = "json"


def routes(app: App, queue: Queue, limits: Limits) -> APIRouter:
    """Return the routes of jobs."""
    router = APIRouter()
    every = APIRouter(prefix="/v1/jobs", tags=["Jobs"])
    one = APIRouter(prefix="/v1/jobs/{id}", tags=["Jobs"])
    _add_list(every, app, queue)
    _add_one(one, app, queue)
    _add_stream(one, app, queue, limits)
    _add_result(one, app)
    router.include_router(every)
    router.include_router(one)
    return router


def _life(app: App, verb: str) -> Any:
    """Return the dependency that gives a run to who may read or write its domain."""

    def check(request: Request, id: Id) -> Life:  # noqa: A002 - the word in the address
        life = app.works.life(RUN_PREFIX + id)
        check_scopes(request, f"{life.asked.work.partition('.')[0]}:{verb}")
        return life

    return Depends(check)


def _may(caller: Caller, life: Life) -> bool:
    return caller.may(f"{life.asked.work.partition('.')[0]}:read")


def _add_list(router: APIRouter, app: App, queue: Queue) -> None:
    @router.get(
        "",
        responses=documented(422),
        response_model=JobList,
        openapi_extra={"security": _SECURITY},
        operation_id="jobs",
    )
    def jobs(request: Request, page: Annotated[JobPage, Query()]) -> Response:
        """Return the jobs that there are, those of the domains that the caller may read."""
        after = RUN_PREFIX + page.after if page.after else ""
        things = app.store.things(prefix=RUN_PREFIX, after=after, limit=page.limit)
        lives = [fold(app.store.history(thing)) for thing in things]
        may = [life for life in lives if life is not None and _may(request.state.caller, life)]
        full = len(things) == page.limit
        answer = JobList(
            jobs=tuple(queue.job(life) for life in may),
            next=things[-1].removeprefix(RUN_PREFIX) if full else None,
        )
        return JSONResponse(to_plain(answer))


def _add_one(router: APIRouter, app: App, queue: Queue) -> None:
    def told(life: Life, status: int = 200) -> Response:
        return JSONResponse(to_plain(queue.job(life)), status)

    said: dict[str, Any] = {"response_model": Job, "openapi_extra": {"security": _SECURITY}}

    @router.get(
        "",
        **said,
        responses=documented(404, 422),
        dependencies=[only()],
        operation_id="job",
    )
    def job(life: Annotated[Life, _life(app, "read")]) -> Response:
        """Return how far a job is."""
        return told(life)

    @router.delete(
        "",
        **said,
        responses=documented(404, 409, 422),
        dependencies=[only()],
        operation_id="job_cancel",
    )
    def cancel(life: Annotated[Life, _life(app, "write")]) -> Response:
        """Cancel a job, wherever it is computed; what is finished of it is kept."""
        cancelled = app.works.cancel(life.run)
        queue.stop(life.run)
        return told(cancelled)

    @router.post(
        "/resume",
        **said,
        status_code=202,
        responses=documented(404, 409, 422),
        dependencies=[only()],
        operation_id="job_resume",
    )
    def resume(life: Annotated[Life, _life(app, "write")]) -> Response:
        """Go on with a job that was cancelled, interrupted or failed, after its last part."""
        state = queue.job(life).state
        if state in ("finished", "queued", "running"):
            raise stop(409, f"the job {life.id} is {state}; there is nothing to resume")
        life = app.works.reopen(life.run)
        queue.add(life, {})
        return told(life, 202)


def _add_stream(router: APIRouter, app: App, queue: Queue, limits: Limits) -> None:
    text = {"type": "string"}
    message = {"type": "object", "properties": {"event": text, "data": text}}
    stream = {
        "description": "One message a change: `data` is the job; it ends when the job is over.",
        "content": {"text/event-stream": {"schema": message}},
    }

    @router.get(
        "/stream",
        responses={200: stream, **documented(404, 422)},
        dependencies=[only()],
        openapi_extra={"security": _SECURITY},
        response_class=StreamingResponse,
        operation_id="job_stream",
    )
    async def job_stream(
        request: Request, life: Annotated[Life, _life(app, "read")]
    ) -> StreamingResponse:
        """Stream how far a job is, as it goes on."""
        return StreamingResponse(
            _messages(app, queue, request, life.run, limits),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


async def _messages(
    app: App, queue: Queue, request: Request, run: str, limits: Limits
) -> AsyncIterator[bytes]:
    """Yield a job whenever it has changed, until it is over or time is up."""
    loop = asyncio.get_running_loop()
    ends, quiet_since = loop.time() + limits.stream_s, loop.time()
    before: Job | None = None
    while not await request.is_disconnected():
        job = await run_in_threadpool(lambda: queue.job(app.works.life(run)))
        if job != before:
            data = json.dumps(to_plain(job), ensure_ascii=False)
            yield f"event: job\ndata: {data}\n\n".encode()
            before, quiet_since = job, loop.time()
        elif loop.time() - quiet_since >= _HEARTBEAT_S:
            quiet_since = loop.time()
            yield b": still here\n\n"
        if job.is_over or loop.time() >= ends:
            return
        await asyncio.sleep(limits.poll_s)


def _add_result(router: APIRouter, app: App) -> None:
    files = {media: {"schema": {"type": "string"}} for media in _MEDIA.values()}
    result = {
        "description": "What came of it, or the file.",
        "content": {"application/json": {"schema": {"type": "object"}}, **files},
    }

    @router.get(
        "/result",
        responses={200: result, **documented(404, 409, 422)},
        openapi_extra={"security": _SECURITY},
        response_class=Response,
        operation_id="job_result",
    )
    def job_result(
        life: Annotated[Life, _life(app, "read")], form: Annotated[ResultForm, Query()]
    ) -> Response:
        """Return what came of a job that is finished."""
        if life.finished is None:
            raise stop(409, f"the job {life.id} is not finished; ask for it again when it is")
        if form.format == "json":
            answer = app.ask(app.works.work_of(life.asked.work).answer, thing=ThingId(life.run))
            return JSONResponse(to_plain(answer))
        return _file(app, life, form.format)


def _file(app: App, life: Life, form: str) -> Response:
    """Return a finished run's rows as a file, which is made and sent piece by piece."""
    saves = app.works.work_of(life.asked.work).saves
    save = next((s for s in saves if f".{form}" in s.suffixes), None)
    if save is None:
        raise stop(422, f"{life.asked.work} gives no {form}")
    with tempfile.NamedTemporaryFile(suffix=f".{form}", delete=False) as kept:
        target = FilePath(kept.name)
    try:
        save.write(app.works.saving(life), target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return FileResponse(
        target,
        media_type=_MEDIA[form],
        filename=f"{save.option}-{life.id[:8]}.{form}",
        background=BackgroundTask(target.unlink, missing_ok=True),
    )
