"""Which mutants a module has: mutmut's operators, on everything that decides an answer.

mutmut itself leaves out what runs at import (decorators, decorated functions, tables), which here
is nearly all: every rule is decorated, every code stands in a table. So its operators are used,
and `judging.py` judges the mutants. Not mutated: annotations, docstrings, words for people (`Text`,
texts with a space or a letter that is not ASCII), and what changes speed or shape only
(`lru_cache`, `dataclass`, type aliases).
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.pragma_handling import IgnoredCode

# Calls whose text is a list of codes, each of which is mutated: `_codes("a b")`, `"a b".split()`.
WORD_LISTS = ("_codes", "split")
WORD_LIST_ARGUMENTS = ("needed",)
MEANT_BY_DECORATORS = ("rule",)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One module with one thing changed. Lines count from 1 and are those of the original."""

    module: str
    number: int
    line: int
    end_line: int
    original: str
    source: str

    @property
    def name(self) -> str:
        """How it is called in reports."""
        return f"{self.module}:{self.line}#{self.number}"

    def diff(self) -> str:
        """What is changed."""
        old, new = (text.splitlines(keepends=True) for text in (self.original, self.source))
        name = f"{self.module}.py"
        return "".join(difflib.unified_diff(old, new, name, f"{name} ({self.name})", n=2))


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module's source, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor()
    wrapper.visit(visitor)
    tree = wrapper.module
    parts = [tree.code_for_node(statement) for statement in tree.body]
    head = "".join(tree.code_for_node(line) for line in tree.header)
    foot = "".join(tree.code_for_node(line) for line in tree.footer)
    if head + "".join(parts) + foot != source:
        raise ValueError(f"{module}: cannot be put together again")
    made = []
    for index, statement in enumerate(tree.body):
        before, after = head + "".join(parts[:index]), "".join(parts[index + 1 :]) + foot
        inside = {id(node) for node in _walk(statement)}
        for old, new in visitor.changes:
            if id(old) not in inside:
                continue
            place = wrapper.resolve(PositionProvider)[visitor.holder[id(old)]]
            changed = tree.code_for_node(_replaced(statement, old, new))
            text = before + changed + after
            made.append(
                Mutant(module, len(made) + 1, place.start.line, place.end.line, source, text)
            )
    return made


def _replaced(statement: cst.CSTNode, old: cst.CSTNode, new: cst.CSTNode) -> cst.CSTNode:
    found = new if statement is old else statement.deep_replace(old, new)
    if not isinstance(found, cst.CSTNode):
        raise TypeError("a statement was removed")
    return found


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _called(node: cst.CSTNode) -> str:
    """The last name of what a call calls."""
    if not isinstance(node, cst.Call):
        return ""
    function = node.func
    if isinstance(function, cst.Attribute):
        return function.attr.value
    return function.value if isinstance(function, cst.Name) else ""


def _is_words(node: cst.CSTNode) -> bool:
    """Words for people: a `Text`, a text that is put together, or one that is no code."""
    if _called(node) == "Text":
        return any(_is_text(argument.value) for argument in node.args)  # type: ignore[attr-defined]
    if isinstance(node, cst.Tuple):
        return any(_is_words(element.value) for element in node.elements)
    if isinstance(node, cst.SimpleString):
        value = str(node.evaluated_value)
        return " " in value or not value.isascii()
    return isinstance(node, cst.FormattedString | cst.ConcatenatedString)


def _is_text(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.BaseString)


def _code(node: cst.SimpleString) -> Iterable[cst.CSTNode]:
    """A code becomes another one. (mutmut would add two that differ in case only.)"""
    if not node.evaluated_value or _is_words(node):
        return
    yield node.with_changes(value=f"{node.prefix}{node.quote}XX{node.raw_value}XX{node.quote}")


def _word_list(call: cst.Call) -> Iterable[cst.CSTNode]:
    """One code of a list of codes becomes another one."""
    if _called(call) not in WORD_LISTS:
        return
    texts = [call.func.value] if isinstance(call.func, cst.Attribute) else []
    for text in [*texts, *(argument.value for argument in call.args)]:
        for leaf in _walk(text):
            if isinstance(leaf, cst.SimpleString):
                for new in _one_word_changed(leaf):
                    changed = call.deep_replace(leaf, new)
                    if isinstance(changed, cst.CSTNode):
                        yield changed


def _needed_words(argument: cst.Arg) -> Iterable[cst.CSTNode]:
    if argument.keyword is None or argument.keyword.value not in WORD_LIST_ARGUMENTS:
        return
    if isinstance(argument.value, cst.SimpleString):
        for new in _one_word_changed(argument.value):
            yield argument.with_changes(value=new)


def _one_word_changed(text: cst.SimpleString) -> Iterator[cst.SimpleString]:
    words = text.raw_value.split(" ")
    for index, word in enumerate(words):
        if word:
            changed = " ".join([*words[:index], f"XX{word}XX", *words[index + 1 :]])
            yield text.with_changes(value=f"{text.quote}{changed}{text.quote}")


def _rule_decorator(decorator: cst.Decorator) -> Iterable[cst.CSTNode]:
    """`@rule("A-10", "PDC", {"jp"})`: another id, one purpose fewer, every programme."""
    call = decorator.decorator
    if not isinstance(call, cst.Call) or _called(call) not in MEANT_BY_DECORATORS:
        return
    rule_id, asked, *rest = call.args
    for new in _code(cst.ensure_type(rule_id.value, cst.SimpleString)):
        yield decorator.with_deep_changes(rule_id, value=new)
    letters = cst.ensure_type(asked.value, cst.SimpleString)
    for letter in letters.raw_value:
        fewer = letters.raw_value.replace(letter, "")
        yield decorator.with_deep_changes(letters, value=f"{letters.quote}{fewer}{letters.quote}")
    if rest:
        yield decorator.with_deep_changes(call, args=(rule_id, asked))


OPERATORS: Sequence[tuple] = [
    *(pair for pair in mutators.mutation_operators if pair[1] is not mutators.operator_string),
    (cst.SimpleString, _code),
    (cst.Call, _word_list),
    (cst.Arg, _needed_words),
    (cst.Decorator, _rule_decorator),
]


class _Visitor(MutationVisitor):
    """Collects (node, what it becomes), and the small statement in which each node stands."""

    def __init__(self) -> None:
        super().__init__(OPERATORS, IgnoredCode(set(), set(), set()))
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode]] = []
        self.holder: dict[int, cst.CSTNode] = {}
        self._holders: list[cst.CSTNode] = []
        self._decorator_parts: set[int] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.BaseSmallStatement | cst.BaseExpression | cst.Decorator):
            self._holders.append(node)
        goes_on = super().on_visit(node)
        if goes_on and isinstance(node, cst.Decorator):
            self._note_parts(node)
        return goes_on

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._holders and self._holders[-1] is original_node:
            self._holders.pop()
        super().on_leave(original_node)

    def _note_parts(self, node: cst.Decorator) -> None:
        """What `_rule_decorator` changes is not changed again by the general operators."""
        call = cst.ensure_type(node.decorator, cst.Call)
        self._decorator_parts |= {id(call), *(id(argument.value) for argument in call.args[:2])}

    def _create_mutations(self, node: cst.CSTNode) -> None:
        if id(node) in self._decorator_parts:
            return
        for kind, operator in OPERATORS:
            if not isinstance(node, kind):
                continue
            for new in operator(node):
                if not _drops_words(node, new):
                    self.changes.append((node, new))
                    self.holder[id(node)] = self._holders[0] if self._holders else node

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.FunctionDef():  # mutmut skips decorated ones
                return False
            case cst.Decorator():
                return _called(node.decorator) not in MEANT_BY_DECORATORS
            case cst.Tuple() | cst.SimpleString():  # of these `_code` and `_drops_words` decide
                return super()._skip_node_and_children(node)
        return _decides_nothing(node) or super()._skip_node_and_children(node)


def _decides_nothing(node: cst.CSTNode) -> bool:
    """Words for people, a docstring, a type, the door of a script."""
    match node:
        case cst.Assign():
            return _is_alias(node)
        case cst.If():
            return _is_script_door(node)
        case cst.Expr(value=cst.BaseString()):
            return True
    return _is_words(node)


def _drops_words(old: cst.CSTNode, new: cst.CSTNode) -> bool:
    """Whether the change does nothing but lose words for people."""
    if isinstance(old, cst.Assign | cst.AnnAssign):
        return old.value is not None and _is_words(old.value)
    if not isinstance(old, cst.Call) or not isinstance(new, cst.Call):
        return False
    kept = {id(argument) for argument in new.args}
    return any(id(one) not in kept and _is_words(one.value) for one in old.args)


def _is_alias(node: cst.Assign) -> bool:
    """`Codes = tuple[str, ...]`, `T = TypeVar("T")`: a type, not a value."""
    target = node.targets[0].target
    name = target.value if isinstance(target, cst.Name) else ""
    return _called(node.value) == "TypeVar" or (
        isinstance(node.value, cst.Subscript) and name != name.upper() and name != name.lower()
    )


def _is_script_door(node: cst.If) -> bool:
    """`if __name__ == "__main__":`."""
    test = node.test
    return isinstance(test, cst.Comparison) and getattr(test.left, "value", "") == "__name__"
