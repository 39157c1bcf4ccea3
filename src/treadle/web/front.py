"""A domain's front door, found by its words: pages know no domain's inside."""

from treadle.app import App
from treadle.kernel import Domain, NotFoundError
from treadle.kernel.operation import Operation, operations


def domain_called(app: App, name: str) -> Domain:
    """Return the domain of a name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    for domain in app.domains:
        if domain.name == name:
            return domain
    known = ", ".join(domain.name for domain in app.domains)
    text = f"there is no domain called {name}; there are {known}"
    raise NotFoundError(text)


def operation_called(app: App, domain_name: str, word: str) -> Operation:
    """Return what a domain offers under a word (`install-part` or `install_part`).

    Raises
    ------
    NotFoundError
        There is no such domain, or it offers no such thing.
    """
    offered = list(operations(domain_called(app, domain_name)))
    for operation in offered:
        if word in (operation.word, operation.name):
            return operation
    known = ", ".join(operation.word for operation in offered)
    text = f"{domain_name} offers no {word}; it offers {known}"
    raise NotFoundError(text)
