"""ReqIF documents for tests, written by hand after OMG's text, with every class it has."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" \
xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:weave="urn:example:weave" xml:lang="en">
  <THE-HEADER>
    <REQ-IF-HEADER IDENTIFIER="head-1">
      <COMMENT>By hand</COMMENT>
      <CREATION-TIME>{made}</CREATION-TIME>
      <REPOSITORY-ID>r</REPOSITORY-ID>
      <REQ-IF-TOOL-ID>a hand</REQ-IF-TOOL-ID>
      <REQ-IF-VERSION>1.0</REQ-IF-VERSION>
      <SOURCE-TOOL-ID>a hand</SOURCE-TOOL-ID>
      <TITLE>Driving</TITLE>
    </REQ-IF-HEADER>
  </THE-HEADER>
  <CORE-CONTENT><REQ-IF-CONTENT>
"""
AT = 'LAST-CHANGE="2026-01-02T03:04:05Z"'
KINDS = ("BOOLEAN", "DATE", "INTEGER", "REAL", "STRING", "XHTML")
LIMITS = {"INTEGER": 'MIN="0" MAX="99"', "REAL": 'ACCURACY="3" MIN="0" MAX="9.5"'}
LIMITS["STRING"] = 'MAX-LENGTH="40"'


def datatypes() -> str:
    """Return a data type of each kind."""
    plain = "".join(
        f'<DATATYPE-DEFINITION-{kind} IDENTIFIER="d-{kind}" {AT} {LIMITS.get(kind, "")} '
        f'LONG-NAME="a {kind.lower()}"/>'
        for kind in KINDS
    )
    values = "".join(
        f'<ENUM-VALUE IDENTIFIER="e-{n}" {AT} LONG-NAME="{word}"><PROPERTIES><EMBEDDED-VALUE '
        f'KEY="{n}" OTHER-CONTENT="#{n}"/></PROPERTIES></ENUM-VALUE>'
        for n, word in enumerate(("low", "high"))
    )
    return (
        f'<DATATYPES>{plain}<DATATYPE-DEFINITION-ENUMERATION IDENTIFIER="d-ENUM" {AT}>'
        f"<SPECIFIED-VALUES>{values}</SPECIFIED-VALUES></DATATYPE-DEFINITION-ENUMERATION>"
        "</DATATYPES>"
    )


def types() -> str:
    """Return a type of each sort; the objects' has an attribute of each kind."""
    names = {"XHTML": "ReqIF.Text", "STRING": "ReqIF.ForeignID"}
    own = "".join(
        f'<ATTRIBUTE-DEFINITION-{kind} IDENTIFIER="a-{kind}" {AT} IS-EDITABLE="true" '
        f'LONG-NAME="{names.get(kind, kind.capitalize())}"><TYPE><DATATYPE-DEFINITION-{kind}-REF>'
        f"d-{kind}</DATATYPE-DEFINITION-{kind}-REF></TYPE></ATTRIBUTE-DEFINITION-{kind}>"
        for kind in KINDS
    )
    own += (
        f'<ATTRIBUTE-DEFINITION-ENUMERATION IDENTIFIER="a-ENUM" {AT} MULTI-VALUED="true" '
        'LONG-NAME="Risk"><DEFAULT-VALUE><ATTRIBUTE-VALUE-ENUMERATION><VALUES><ENUM-VALUE-REF>e-0'
        "</ENUM-VALUE-REF></VALUES><DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>a-ENUM"
        "</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION></ATTRIBUTE-VALUE-ENUMERATION>"
        "</DEFAULT-VALUE><TYPE><DATATYPE-DEFINITION-ENUMERATION-REF>d-ENUM"
        "</DATATYPE-DEFINITION-ENUMERATION-REF></TYPE></ATTRIBUTE-DEFINITION-ENUMERATION>"
    )
    return (
        f'<SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t-o" {AT} LONG-NAME="Requirement">'
        f"<SPEC-ATTRIBUTES>{own}</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE>"
        f'<SPECIFICATION-TYPE IDENTIFIER="t-s" {AT}/><SPEC-RELATION-TYPE IDENTIFIER="t-r" {AT} '
        f'LONG-NAME="refines"/><RELATION-GROUP-TYPE IDENTIFIER="t-g" {AT}/></SPEC-TYPES>'
    )


def value(kind: str, text: str) -> str:
    """Return a value of the attribute of a kind, on a line of its own."""
    reference = f"<DEFINITION><ATTRIBUTE-DEFINITION-{kind}-REF>a-{kind}"
    reference += f"</ATTRIBUTE-DEFINITION-{kind}-REF></DEFINITION>"
    if kind == "XHTML":
        inner = f"{reference}<THE-VALUE>{text}</THE-VALUE>"
        return f"\n<ATTRIBUTE-VALUE-XHTML>{inner}</ATTRIBUTE-VALUE-XHTML>"
    return f'\n<ATTRIBUTE-VALUE-{kind} THE-VALUE="{text}">{reference}</ATTRIBUTE-VALUE-{kind}>'


def requirement(identifier: str, text: str, more: str = "") -> str:
    """Return a requirement that says a text in XHTML."""
    written = value("XHTML", f"<xhtml:div>{text}</xhtml:div>")
    return (
        f'\n<SPEC-OBJECT IDENTIFIER="{identifier}" {AT}><TYPE><SPEC-OBJECT-TYPE-REF>t-o'
        f"</SPEC-OBJECT-TYPE-REF></TYPE><VALUES>{written}{more}</VALUES></SPEC-OBJECT>"
    )


def document(
    *objects: str, rest: str = "", extensions: str = "", made: str = "2026-02-01T00:00:00Z"
) -> bytes:
    """Return a document with these objects, and what else stands in its content."""
    text = HEAD.format(made=made) + datatypes() + types()
    text += f"<SPEC-OBJECTS>{''.join(objects)}</SPEC-OBJECTS>{rest}"
    return f"{text}</REQ-IF-CONTENT></CORE-CONTENT>{extensions}</REQ-IF>".encode()


def relation(identifier: str, source: str, target: str) -> str:
    """Return a relation between two objects."""
    return (
        f'\n<SPEC-RELATION IDENTIFIER="{identifier}" {AT}><TYPE><SPEC-RELATION-TYPE-REF>t-r'
        f"</SPEC-RELATION-TYPE-REF></TYPE><SOURCE><SPEC-OBJECT-REF>{source}</SPEC-OBJECT-REF>"
        f"</SOURCE><TARGET><SPEC-OBJECT-REF>{target}</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>"
    )


def place(identifier: str, of: str, below: str = "") -> str:
    """Return a place in a specification's tree."""
    inner = f"<CHILDREN>{below}</CHILDREN>" if below else ""
    return (
        f'\n<SPEC-HIERARCHY IDENTIFIER="{identifier}" {AT} IS-TABLE-INTERNAL="false"><OBJECT>'
        f"<SPEC-OBJECT-REF>{of}</SPEC-OBJECT-REF></OBJECT>{inner}</SPEC-HIERARCHY>"
    )


def specification(identifier: str, *places: str) -> str:
    """Return a specification."""
    return (
        f'\n<SPECIFICATION IDENTIFIER="{identifier}" {AT}><TYPE><SPECIFICATION-TYPE-REF>t-s'
        f"</SPECIFICATION-TYPE-REF></TYPE><CHILDREN>{''.join(places)}</CHILDREN></SPECIFICATION>"
    )


def whole() -> bytes:
    """Return a document with something of every class, unknown attributes and extensions."""
    text = (
        'Brake <xhtml:b class="x">hard</xhtml:b> when a &lt; b &amp; c\n   '
        '<xhtml:object data="files/curve.png" type="image/png">a curve</xhtml:object>'
    )
    more = value("BOOLEAN", "true") + value("DATE", "2026-01-01T00:00:00+01:00")
    more += (
        value("INTEGER", "42") + value("REAL", "1.5") + value("STRING", "REQ-1&#10;b &quot;q&quot;")
    )
    more += (
        "<ATTRIBUTE-VALUE-ENUMERATION><VALUES><ENUM-VALUE-REF>e-0</ENUM-VALUE-REF><ENUM-VALUE-REF>"
        "e-1</ENUM-VALUE-REF></VALUES><DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>a-ENUM"
        "</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION></ATTRIBUTE-VALUE-ENUMERATION>"
    )
    first = requirement("r-1", text, more).replace(
        'IDENTIFIER="r-1"', 'IDENTIFIER="r-1" WEIGHT="7" weave:colour="red" LONG-NAME="Braking"'
    )
    tree = specification("s-1", place("h-1", "r-1", place("h-2", "r-2")))
    rest = (
        f"<SPEC-RELATIONS>{relation('x-1', 'r-2', 'r-1')}</SPEC-RELATIONS>"
        f"<SPECIFICATIONS>{tree}{specification('s-2')}</SPECIFICATIONS>"
        f'<SPEC-RELATION-GROUPS><RELATION-GROUP IDENTIFIER="g-1" {AT}><TYPE>'
        "<RELATION-GROUP-TYPE-REF>t-g</RELATION-GROUP-TYPE-REF></TYPE><SOURCE-SPECIFICATION>"
        "<SPECIFICATION-REF>s-1</SPECIFICATION-REF></SOURCE-SPECIFICATION><TARGET-SPECIFICATION>"
        "<SPECIFICATION-REF>s-2</SPECIFICATION-REF></TARGET-SPECIFICATION><SPEC-RELATIONS>"
        "<SPEC-RELATION-REF>x-1</SPEC-RELATION-REF></SPEC-RELATIONS></RELATION-GROUP>"
        "</SPEC-RELATION-GROUPS>"
    )
    extensions = (
        "<TOOL-EXTENSIONS><REQ-IF-TOOL-EXTENSION><weave:loom weave:warp='2'> a <weave:weft/> b "
        "</weave:loom></REQ-IF-TOOL-EXTENSION></TOOL-EXTENSIONS>"
    )
    return document(first, requirement("r-2", "Stop"), rest=rest, extensions=extensions)
