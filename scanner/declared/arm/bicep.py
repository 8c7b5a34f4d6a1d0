"""A reader of Bicep: what a template declares, and every statement that does not parse, with its line.

Grammar: "Understand the structure and syntax of Bicep files" and "Bicep operators", Microsoft Learn. One
statement that is wrong does not stop the others: reading goes on at the next keyword at a line's start.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NoReturn

from scanner.declared.arm.bicep_tokens import Pending, Token, tokens
from scanner.declared.arm.nodes import Array, Call, Choice, Index, Joined, Literal, Loop, Member, Name, Object
from scanner.declared.located import DEEPEST, Broken

_KEYWORDS = (
    "param",
    "var",
    "resource",
    "module",
    "output",
    "targetScope",
    "metadata",
    "type",
    "func",
    "import",
    "using",
    "extension",
    "provider",
    "assert",
)
_BINARY = (
    ("??",),
    ("||",),
    ("&&",),
    ("==", "!=", "=~", "!~"),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Declaration:
    """`param`, `var`, `resource`, `module` or `output`."""

    keyword: str
    name: str
    line: int
    end_line: int = 0
    type: str = ""
    """Of a resource: `Microsoft.Storage/storageAccounts` without its version; of a module: its path;
    of a parameter: its type as written."""
    body: Any = None
    existing: bool = False
    condition: Any = None
    decorators: tuple[str, ...] = ()
    version: str = ""
    """Of a resource: the API version."""


def read_bicep(text: str) -> tuple[list[Declaration], list[Broken]]:
    """The declarations of a file, and the statements that do not parse."""
    broken: list[Broken] = []
    try:
        found_tokens = tokens(text, 0, 1, False)[0]
    except Broken as error:
        # A text that is not closed hides what follows; what stands before it can be read.
        broken.append(error)
        kept = "\n".join(text.split("\n")[: error.line - 1]) + "\n"
        try:
            found_tokens = tokens(kept, 0, 1, False)[0]
        except Broken:
            return [], broken
    found: list[Declaration] = []
    reader = _Reader(found_tokens)
    while not reader.ended:
        try:
            declaration = reader.statement()
            if declaration is not None:
                found.append(declaration)
        except Broken as error:
            broken.append(error)
            reader.recover()
    return found, broken


class _Reader:
    def __init__(self, given: Sequence[Token]) -> None:
        self._tokens, self._at = given, 0

    # --- tokens ---------------------------------------------------------------------------

    @property
    def ended(self) -> bool:
        self._lines()
        return self._at >= len(self._tokens)

    def _lines(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "line":
            self._at += 1

    def _peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else self._end()

    def _end(self) -> Token:
        last = self._tokens[-1] if self._tokens else Token("end", "", 1, 1, 0)
        return Token("end", "", last.line, last.column, last.at)

    def _is(self, *words: str) -> bool:
        token = self._peek()
        return token.kind in ("sign", "name") and token.text in words

    def _past_lines(self, *words: str) -> bool:
        """Whether one of the signs comes next, on this line or the following ones; moves up to it."""
        at = self._at
        self._lines()
        if self._peek().kind == "sign" and self._peek().text in words:
            return True
        self._at = at
        return False

    def _take(self, *words: str) -> Token:
        token = self._peek()
        if words and not (token.kind in ("sign", "name") and token.text in words):
            self._fail(f"expected {' or '.join(words)}")
        self._at += 1
        return token

    def _fail(self, what: str) -> NoReturn:
        token = self._peek()
        found = {"end": "the end of the file", "line": "the end of the line"}.get(token.kind)
        raise Broken(token.line, token.column, what + (f", found {found}" if found else ""))

    def _name(self) -> str:
        if self._peek().kind != "name":
            self._fail("expected a name")
        return self._take().text

    def recover(self) -> None:
        """Move to the next statement: a keyword or a decorator at the start of a line."""
        self._at += 1
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.column == 1 and (
                token.text == "@" or (token.kind == "name" and token.text in _KEYWORDS)
            ):
                return
            self._at += 1

    # --- statements -----------------------------------------------------------------------

    def statement(self) -> Declaration | None:
        self._lines()
        decorators: list[str] = []
        while self._is("@"):
            self._take()
            node = self._postfix(0)
            decorators.append(_called(node))
            self._lines()
        start = self._peek()
        if start.kind != "name" or start.text not in _KEYWORDS:
            self._fail("expected param, var, resource, module or output")
        keyword = self._take().text
        if keyword in ("resource", "module"):
            return self._resource(keyword, start, tuple(decorators))
        if keyword == "param":
            return self._param(start, tuple(decorators))
        if keyword == "var":
            name = self._name()
            self._untyped()
            self._take("=")
            self._lines()
            return Declaration("var", name, start.line, body=self.expression(0))
        self._rest()
        return None

    def _untyped(self) -> None:
        while not self._is("=") and self._peek().kind not in ("line", "end"):
            self._at += 1

    def _rest(self) -> None:
        """Skip a statement that declares nothing to be judged (outputs, types, functions)."""
        depth = 0
        while self._peek().kind != "end":
            token = self._peek()
            if token.kind == "line" and depth <= 0:
                return
            if token.kind == "sign" and token.text in "([{":
                depth += 1
            elif token.kind == "sign" and token.text in ")]}":
                depth -= 1
            self._at += 1

    def _param(self, start: Token, decorators: tuple[str, ...]) -> Declaration:
        name = self._name()
        words: list[str] = []
        depth = 0
        while self._peek().kind != "end":
            token = self._peek()
            if depth == 0 and (token.kind == "line" or token.text == "="):
                break
            if token.text in ("{", "[", "("):
                depth += 1
            elif token.text in ("}", "]", ")"):
                depth -= 1
            words.append(token.text)
            self._at += 1
        body = None
        if self._is("="):
            self._take()
            self._lines()
            body = self.expression(0)
        return Declaration("param", name, start.line, type="".join(words), body=body, decorators=decorators)

    def _resource(self, keyword: str, start: Token, decorators: tuple[str, ...] = ()) -> Declaration:
        name = self._name()
        token = self._peek()
        if token.kind != "text" or len(token.parts) != 1 or not isinstance(token.parts[0], Literal):
            self._fail(
                "expected the type in quotes" if keyword == "resource" else "expected the path in quotes"
            )
        self._at += 1
        type = str(token.parts[0].value)
        existing = self._is("existing")
        if existing:
            self._take()
        self._take("=")
        self._lines()
        condition = None
        if self._is("if"):
            self._take()
            self._take("(")
            condition = self.expression(0)
            self._past_lines(")")
            self._take(")")
            self._lines()
        body = self._primary(0)
        if isinstance(body, Loop) and isinstance(body.body, Choice) and condition is None:
            condition, body = body.body.condition, Loop(body.item, body.index, body.over, body.body.yes)
        version = ""
        if keyword == "resource":
            type, _, version = type.partition("@")
        end = self._tokens[self._at - 1].line
        return Declaration(
            keyword, name, start.line, end, type, body, existing, condition, decorators, version
        )

    # --- expressions ----------------------------------------------------------------------

    def expression(self, depth: int) -> Any:
        if depth > DEEPEST // 4:
            self._fail("nested too deeply")
        self._lines()
        node = self._binary(0, depth)
        if self._past_lines("?"):
            self._take("?")
            yes = self.expression(depth + 1)
            self._past_lines(":")
            self._take(":")
            no = self.expression(depth + 1)
            return Choice(node, yes, no)
        return node

    def _binary(self, level: int, depth: int) -> Any:
        if level == len(_BINARY):
            return self._unary(depth)
        node = self._binary(level + 1, depth)
        while self._past_lines(*(sign for sign in _BINARY[level] if sign != "-")) or self._is(
            *_BINARY[level]
        ):
            sign = self._take().text
            self._lines()
            node = Call(sign, (node, self._binary(level + 1, depth)))
        return node

    def _unary(self, depth: int) -> Any:
        if self._is("!"):
            self._take()
            return Call("!", (self._unary(depth + 1),))
        if self._peek().kind == "sign" and self._is("-"):
            self._take()
            return Call("neg", (self._unary(depth + 1),))
        return self._postfix(depth)

    def _postfix(self, depth: int) -> Any:
        node = self._primary(depth)
        while True:
            token = self._peek()
            if token.kind != "sign":
                return node
            if token.text in (".", ".?", "::"):
                self._take()
                name = self._name()
                node = Call(name, self._arguments(depth)) if self._is("(") else Member(node, name)
            elif token.text in ("[", "[?"):
                self._take()
                node = Index(node, self.expression(depth + 1))
                self._past_lines("]")
                self._take("]")
            elif token.text == "!" and self._peek(1).text != "=":
                self._take()  # "not null", for the type checker
            else:
                return node

    def _arguments(self, depth: int) -> tuple[Any, ...]:
        self._take("(")
        found = []
        while not self._past_lines(")"):
            found.append(self._lambda(depth))
            if self._past_lines(","):
                self._take(",")
            elif not self._past_lines(")"):
                self._fail("expected , or )")
        self._take(")")
        return tuple(found)

    def _lambda(self, depth: int) -> Any:
        self._lines()
        if self._peek().kind == "name" and self._peek(1).text == "=>":
            self._at += 2
            return Loop("_", "", Array((), 0), self.expression(depth + 1))
        node = self.expression(depth + 1)
        if self._is("=>"):
            self._take()
            return Loop("_", "", Array((), 0), self.expression(depth + 1))
        return node

    def _primary(self, depth: int) -> Any:
        if depth > DEEPEST // 2:
            self._fail("nested too deeply")
        node = self._value(depth)
        if node is None:
            self._fail("expected a value")
        return node

    def _value(self, depth: int) -> Any:
        """A value, or None where something else stands."""
        token = self._peek()
        if token.kind == "text":
            self._at += 1
            return (
                token.parts[0]
                if len(token.parts) == 1 and isinstance(token.parts[0], Literal)
                else _joined(token)
            )
        if token.kind == "number":
            self._at += 1
            return Literal(int(token.text))
        if token.kind == "name":
            self._at += 1
            if self._is("("):
                return Call(token.text, self._arguments(depth + 1))
            words = {"true": True, "false": False, "null": None}
            return Literal(words[token.text]) if token.text in words else Name(token.text)
        if self._is("("):
            self._take()
            node = self.expression(depth + 1)
            while self._past_lines(","):
                self._take()
                node = self.expression(depth + 1)
            self._past_lines(")")
            self._take(")")
            return node
        if self._is("{"):
            return self._object(depth)
        if self._is("["):
            return self._array(depth)
        return None

    def _object(self, depth: int) -> Object:
        line = self._take("{").line
        entries: list[tuple[Any, Any, int]] = []
        children: list[Declaration] = []
        while not self._past_lines("}"):
            self._lines()
            if self._is(","):
                self._take()
                continue
            if self._is("@") or (self._is("resource") and self._peek(1).kind == "name"):
                child = self.statement()
                if child is not None:
                    children.append(child)
                continue
            entries.append(self._entry(depth))
            if self._peek().kind != "line" and not self._is("}", ","):
                self._fail("expected a new line, a comma or }")
        self._take("}")
        return Object(tuple(entries), line, tuple(children))

    def _entry(self, depth: int) -> tuple[Any, Any, int]:
        token = self._peek()
        if self._is("..."):
            self._take()
            return None, self.expression(depth + 1), token.line
        key: Any
        if token.kind == "name":
            key = self._take().text
        elif token.kind == "text":
            self._at += 1
            literal = len(token.parts) == 1 and isinstance(token.parts[0], Literal)
            key = str(token.parts[0].value) if literal else _joined(token)
        else:
            self._fail("expected a key or }")
        if not self._is(":"):
            self._fail("expected : after the key")
        self._take()
        self._lines()
        return key, self.expression(depth + 1), token.line

    def _array(self, depth: int) -> Any:
        line = self._take("[").line
        self._lines()
        if self._is("for"):
            return self._for(depth)
        items: list[tuple[Any, int]] = []
        while not self._past_lines("]"):
            self._lines()
            if self._is(","):
                self._take()
                continue
            at = self._peek().line
            if self._is("..."):
                self._take()
            items.append((self.expression(depth + 1), at))
        self._take("]")
        return Array(tuple(items), line)

    def _for(self, depth: int) -> Loop:
        self._take("for")
        index = ""
        if self._is("("):
            self._take()
            item = self._name()
            self._take(",")
            index = self._name()
            self._take(")")
        else:
            item = self._name()
        self._take("in")
        over = self.expression(depth + 1)
        self._past_lines(":")
        self._take(":")
        self._lines()
        if self._is("if"):
            self._take()
            self._take("(")
            condition = self.expression(depth + 1)
            self._take(")")
            self._lines()
            body: Any = Choice(condition, self.expression(depth + 1), Literal(None))
        else:
            body = self.expression(depth + 1)
        self._past_lines("]")
        self._take("]")
        return Loop(item, index, over, body)


def _joined(token: Token) -> Joined:
    """A text with its expressions read."""
    parts: list[Any] = []
    for part in token.parts:
        parts.append(_Reader(part.tokens).expression(0) if isinstance(part, Pending) else part)
    return Joined(tuple(parts))


def _called(node: Any) -> str:
    """The name of a decorator: `secure`, `sys.description`."""
    return str(node.name) if isinstance(node, Call | Member | Name) else ""
