"""Why a piece of syntax is refused, in words for whoever wrote it."""

from __future__ import annotations

_ELSEWHERE = "this does not belong here"

OF_SYNTAX = {
    "arrow_function": "a function is a const, or stands in map, filter and the like",
    "as_expression": "leave types out",
    "assignment_expression": "nothing may be assigned; declare another const",
    "augmented_assignment_expression": "nothing may be assigned; compute it with map and filter",
    "await_expression": "there is nothing to wait for; await is not allowed",
    "class": "classes are not allowed",
    "class_declaration": "classes are not allowed",
    "comment": "leave comments out",
    "debugger_statement": "debugger is not allowed",
    "do_statement": "loops are not allowed; use map and filter",
    "expression_statement": "a statement that only has effects is not allowed",
    "for_in_statement": "loops are not allowed; use map and filter",
    "for_statement": "loops are not allowed; use map and filter",
    "function_expression": "write an arrow function in its place",
    "generator_function": "generators are not allowed",
    "generator_function_declaration": "generators are not allowed",
    "hash_bang_line": "this is no script",
    "html_character_reference": "character references are not allowed; write the character itself",
    "html_comment": "leave comments out",
    "import": "import is not allowed",
    "import_statement": "imports are not allowed; everything needed is in data",
    "jsx_namespace_name": "names with a colon are not allowed",
    "labeled_statement": "labels are not allowed",
    "meta_property": "import.meta and new.target are not allowed",
    "method_definition": "objects hold values only: no methods, getters or setters",
    "new_expression": "new is not allowed",
    "non_null_expression": "leave types out",
    "regex": "regular expressions are not allowed",
    "satisfies_expression": "leave types out",
    "sequence_expression": "the comma operator is not allowed",
    "spread_element": "spreading is allowed only inside Math.max and Math.min",
    "super": "super is not allowed",
    "switch_statement": "switch is not allowed; use if or a conditional expression",
    "this": "this is not allowed",
    "throw_statement": "throw is not allowed",
    "try_statement": "try is not allowed",
    "type_annotation": "leave types out",
    "type_arguments": "leave types out",
    "type_assertion": "leave types out",
    "undefined": "write null in place of undefined",
    "update_expression": "nothing may be counted up; use the index of map",
    "using_declaration": "only const is allowed",
    "variable_declaration": "var is not allowed; use const",
    "while_statement": "loops are not allowed; use map and filter",
    "with_statement": "with is not allowed",
    "yield_expression": "generators are not allowed",
}

_OF_TYPES = "leave types, interfaces and enums out"


def why(kind: str) -> str:
    """The reason against a kind of syntax that is not allowed."""
    if kind in OF_SYNTAX:
        return OF_SYNTAX[kind]
    if "type" in kind or kind in {"interface_declaration", "enum_declaration"}:
        return _OF_TYPES
    return f"{_ELSEWHERE} ({kind.replace('_', ' ')})"
