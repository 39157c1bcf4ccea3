"""The classes of ASAM OpenSCENARIO XML 1.0 to 1.3, in a notation of our own.

A line of a text file is a class: `[revisions:] NAME: attributes ; children`.

An attribute is `name:type`, with `!` where it is required; a type is d(ouble), i(nt),
u(nsignedInt), h (unsignedShort), b(oolean), s(tring), t (dateTime) or a list of words in
enumerations.txt.

Children are `Tag` or `Tag=Class`, with `?`, `*`, `+` or `2+`; `,` means in this order, `|` one of,
`&` in any order, `<NAME>` what that class has inside, `text` characters, `(...)^` a choice that the
schemas until 1.2 let be empty.

`@1.2+` says in which revisions, `~1.2` since which it is deprecated.
"""
