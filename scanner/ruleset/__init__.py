"""Rules: YAML files that hold prose, logic (CEL) and examples."""

from scanner.ruleset.load import load_rules, shipped_folder
from scanner.ruleset.rule import AppliesTo, Example, Rule, RuleSet

__all__ = ["AppliesTo", "Example", "Rule", "RuleSet", "load_rules", "shipped_folder"]
