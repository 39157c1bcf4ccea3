"""FMUs compiled from a few lines of C, for both versions of the standard."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

SOURCE = r"""
#include <stdlib.h>
#include <math.h>
#include <unistd.h>
#if FMI == 2
#include "fmi2Functions.h"
#define NAME(x) fmi2##x
#define OK fmi2OK
#define BAD fmi2Error
typedef fmi2Component Instance; typedef fmi2Real Real; typedef fmi2Status Status;
typedef fmi2ValueReference Reference;
#else
#include "fmi3Functions.h"
#define NAME(x) fmi3##x
#define OK fmi3OK
#define BAD fmi3Error
typedef fmi3Instance Instance; typedef fmi3Float64 Real; typedef fmi3Status Status;
typedef fmi3ValueReference Reference;
#endif
/* 0 speed [km/h], 1 gap [m], 2 gain, 3 trouble, 4 acceleration, 5 time that it counted itself */
typedef struct { double v[6]; } Model;
static Model *make(void) { Model *m = calloc(1, sizeof(Model)); m->v[2] = 0.5; return m; }
static Status set(Instance c, const Reference r[], size_t n, const Real v[]) {
  for (size_t k = 0; k < n; k++) ((Model *)c)->v[r[k]] = v[k];
  return OK;
}
static Status get(Instance c, const Reference r[], size_t n, Real v[]) {
  for (size_t k = 0; k < n; k++) v[k] = ((Model *)c)->v[r[k]];
  return OK;
}
static Status step(Instance c, double t, double h) {
  double *v = ((Model *)c)->v, speed = v[0] / 3.6;
  int trouble = t < 0.5 && speed > 38.0 ? (int)v[3] : 0;
  if (trouble == 1) abort();
  if (trouble == 2) for (;;) sleep(1);
  if (trouble == 4) return BAD;
  if (fabs(v[5] - t) > 1e-9) return BAD; /* an instance that was not made anew for its run */
  v[5] = t + h;
  v[4] = trouble == 3 ? NAN : v[2] * (v[1] - 1.5 * speed) / 10.0;
  return OK;
}
#if FMI == 2
Instance fmi2Instantiate(fmi2String a, fmi2Type b, fmi2String c, fmi2String d,
  const fmi2CallbackFunctions *e, fmi2Boolean f, fmi2Boolean g) { return make(); }
Status fmi2SetupExperiment(Instance c, fmi2Boolean a, Real b, Real t, fmi2Boolean d, Real e)
{ return OK; }
Status fmi2EnterInitializationMode(Instance c) { return OK; }
Status fmi2SetReal(Instance c, const Reference r[], size_t n, const Real v[])
{ return set(c, r, n, v); }
Status fmi2GetReal(Instance c, const Reference r[], size_t n, Real v[]) { return get(c, r, n, v); }
Status fmi2DoStep(Instance c, Real t, Real h, fmi2Boolean a) { return step(c, t, h); }
#else
Instance fmi3InstantiateCoSimulation(fmi3String a, fmi3String b, fmi3String c, fmi3Boolean d,
  fmi3Boolean e, fmi3Boolean f, fmi3Boolean g, const Reference h[], size_t i,
  fmi3InstanceEnvironment j, fmi3LogMessageCallback k, fmi3IntermediateUpdateCallback l)
{ return make(); }
Status fmi3EnterInitializationMode(Instance c, fmi3Boolean a, Real b, Real t, fmi3Boolean d,
  Real e) { return OK; }
Status fmi3SetFloat64(Instance c, const Reference r[], size_t n, const Real v[], size_t m)
{ return set(c, r, n, v); }
Status fmi3GetFloat64(Instance c, const Reference r[], size_t n, Real v[], size_t m)
{ return get(c, r, n, v); }
Status fmi3DoStep(Instance c, Real t, Real h, fmi3Boolean a, fmi3Boolean *event,
  fmi3Boolean *end, fmi3Boolean *early, Real *last)
{ *event = *end = *early = 0; *last = t + h; return step(c, t, h); }
#endif
Status NAME(ExitInitializationMode)(Instance c) { return OK; }
Status NAME(Terminate)(Instance c) { return OK; }
void NAME(FreeInstance)(Instance c) { free(c); }
"""
_UNITS = """<UnitDefinitions>
<Unit name="km/h"><BaseUnit m="1" s="-1" factor="0.2777777777777778"/></Unit>
<Unit name="kg"><BaseUnit kg="1"/></Unit><Unit name="furlong"/></UnitDefinitions>"""


def variables(version: int, *, speed: str = "own_speed", unit: str = "km/h") -> str:
    """Return the ModelVariables of the FMU."""
    told = [
        (speed, "input", "continuous", f'unit="{unit}" start="0"'),
        ("gap", "input", "continuous", 'start="0"'),
        ("gain", "parameter", "fixed", 'start="0.5"'),
        ("trouble", "parameter", "fixed", 'start="0"'),
        ("acceleration", "output", "continuous", ""),
    ]
    rows = []
    for at, (name, causality, variability, rest) in enumerate(told):
        head = f'name="{name}" valueReference="{at}" causality="{causality}"'
        head += f' variability="{variability}"'
        if version == 2:
            rows.append(f"<ScalarVariable {head}><Real {rest}/></ScalarVariable>")
        else:
            rows.append(f"<Float64 {head} {rest}/>")
    if version == 3:
        time = 'name="time" valueReference="9" causality="independent" variability="continuous"'
        rows.append(f"<Float64 {time}/>")
    return f"<ModelVariables>{''.join(rows)}</ModelVariables>"


def description(version: int, text: str, *, kind: str = "CoSimulation") -> str:
    """Return the model description of the FMU, with these variables."""
    if version == 2:
        outputs = '<ModelStructure><Outputs><Unknown index="5"/></Outputs></ModelStructure>'
        return f"""<fmiModelDescription fmiVersion="2.0" modelName="d" guid="g" version="3">
<{kind} modelIdentifier="d"/>{_UNITS}{text}{outputs}</fmiModelDescription>"""
    outputs = '<ModelStructure><Output valueReference="4"/></ModelStructure>'
    return f"""<fmiModelDescription fmiVersion="3.0" modelName="d" instantiationToken="g"
 version="3">
<{kind} modelIdentifier="d"/>{_UNITS}{text}{outputs}</fmiModelDescription>"""


def library(folder: Path, version: int) -> bytes:
    """Return the FMU's shared library."""
    fmpy = pytest.importorskip("fmpy", reason="the extra fmi is not installed")
    pytest.importorskip("fmpy.fmi3")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler to make an FMU with")
    headers = Path(fmpy.__file__).parent / "c-code"
    (folder / "d.c").write_text(SOURCE)
    # The standard wants every function to be there, also those that nobody calls.
    slave = fmpy.fmi2.FMU2Slave if version == 2 else fmpy.fmi3.FMU3Slave
    unused = [
        one
        for one in dir(slave)
        if one.startswith(f"fmi{version}")
        and not re.search(rf"\b({one}|NAME\({one[4:]}\))\(", SOURCE)
    ]
    (folder / "rest.c").write_text("".join(f"int {one}(void) {{ return 3; }}\n" for one in unused))
    words = [compiler, "-shared", "-fPIC", "-w", f"-DFMI={version}", f"-I{headers}"]
    made = folder / f"d{version}.so"
    sources = (folder / "d.c", folder / "rest.c")
    subprocess.run([*words, *sources, "-o", made, "-lm"], check=True)
    return made.read_bytes()


def packed(path: Path, version: int, text: str, content: bytes | None) -> str:
    """Write an FMU of a description and a library; return its path."""
    import fmpy  # noqa: PLC0415 - an extra

    where = fmpy.platform if version == 2 else fmpy.platform_tuple
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("modelDescription.xml", text)
        if content is not None:
            name = f"binaries/{where}/d{fmpy.sharedLibraryExtension}"
            archive.writestr(name, content)
        else:
            archive.writestr("binaries/win64/d.dll", b"")
    return str(path)


def fmu(folder: Path, version: int, **changes: str) -> str:
    """Write a good FMU; return its path."""
    text = description(version, variables(version, **changes))
    return packed(folder / f"d{version}.fmu", version, text, library(folder, version))
