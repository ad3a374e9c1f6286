"""How each agent is set up to speak with the provider on this machine, asked something without a person, and told to send its own telemetry."""

import json
import sys

from . import story
from .install import aider_packages
from .machine import Machine


class Agent:
    name: str
    """As its traces are tagged."""
    program: str
    model: str
    prices: dict[str, story.Price]
    """What the models cost, in USD per million tokens."""
    tells_cache_writes = True
    """Is what was written to the cache told apart? Else it stands in the input."""
    steps = story.STEPS
    edits_in_text = False
    """Does it take edits from the model's text, and offer no tools?"""

    def set_up(self, machine: Machine) -> None:
        """What a person has who uses the agent: a provider and a model."""
        machine.install(self.program)

    def variables(self, machine: Machine) -> dict[str, str]:
        return {}

    def tell(self, machine: Machine) -> dict[str, str]:
        """Switches the agent's own telemetry on, as docs/coding-agents.md says; variables for its environment."""
        return machine.otlp

    def ask(self, prompt: str) -> list[str]:
        raise NotImplementedError


class ClaudeCode(Agent):
    name, program, model = "claude-code", "claude", "claude-opus-5-5"
    prices = {model: (4, 20, 0.2, 5)}

    def variables(self, machine: Machine) -> dict[str, str]:
        return {"ANTHROPIC_BASE_URL": machine.provider.url, "ANTHROPIC_API_KEY": "sk-none"}

    def tell(self, machine: Machine) -> dict[str, str]:
        return machine.otlp | {"CLAUDE_CODE_ENABLE_TELEMETRY": "1", "OTEL_LOGS_EXPORTER": "otlp", "OTEL_METRICS_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
                               "OTEL_LOG_USER_PROMPTS": "1", "OTEL_LOG_TOOL_DETAILS": "1", "OTEL_LOG_ASSISTANT_RESPONSES": "1"}

    def ask(self, prompt: str) -> list[str]:
        return [self.program, "-p", prompt, "--model", self.model, "--dangerously-skip-permissions", "--output-format", "json"]


class Codex(Agent):
    name, program, model = "codex", "codex", "gpt-5.5-codex"
    prices = {model: (1.3, 10, 0.125, 1.3)}

    def set_up(self, machine: Machine) -> None:
        super().set_up(machine)
        machine.write(".codex/config.toml", f'''model = "{self.model}"
model_provider = "here"

[model_providers.here]
name = "Here"
base_url = "{machine.provider.url}/v1"
env_key = "PROVIDER_KEY"
wire_api = "responses"

[projects."{machine.shop}"]
trust_level = "trusted"
''')

    def variables(self, machine: Machine) -> dict[str, str]:
        return {"PROVIDER_KEY": "none"}

    def tell(self, machine: Machine) -> dict[str, str]:
        headers = f'headers = {{ "Authorization" = "{machine.authorization}" }}'
        with (machine.home / ".codex/config.toml").open("a") as config:
            config.write(f'''
[otel]
log_user_prompt = true
exporter = {{ otlp-http = {{ endpoint = "{machine.api.base_url}/v1/logs", protocol = "binary", {headers} }} }}
''')
        return {}

    def ask(self, prompt: str) -> list[str]:
        return [self.program, "exec", "--dangerously-bypass-approvals-and-sandbox", "--dangerously-bypass-hook-trust", "--json", prompt]


class GeminiCli(Agent):
    name, program, model = "gemini-cli", "gemini", "gemini-2.5-pro"
    prices = {model: (1.3, 10, 0.31, 1.3)}
    tells_cache_writes = False

    def settings(self, machine: Machine) -> dict:
        return {"security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": False}}, "general": {"enableAutoUpdate": False}, "privacy": {"usageStatisticsEnabled": False}}

    def set_up(self, machine: Machine) -> None:
        super().set_up(machine)
        machine.write(".gemini/settings.json", json.dumps(self.settings(machine)))

    def variables(self, machine: Machine) -> dict[str, str]:
        return {"GEMINI_API_KEY": "none", "GOOGLE_GEMINI_BASE_URL": machine.provider.url, "GEMINI_CLI_NO_RELAUNCH": "true"}

    def tell(self, machine: Machine) -> dict[str, str]:
        telemetry = {"enabled": True, "target": "local", "otlpProtocol": "http", "otlpEndpoint": machine.api.base_url}
        machine.write(".gemini/settings.json", json.dumps(self.settings(machine) | {"telemetry": telemetry}))
        return {"OTEL_EXPORTER_OTLP_HEADERS": machine.otlp["OTEL_EXPORTER_OTLP_HEADERS"]}

    def ask(self, prompt: str) -> list[str]:
        return [self.program, "-m", self.model, "--approval-mode", "yolo", "--output-format", "json", "-p", prompt]


class CopilotCli(Agent):
    name, program, model = "copilot-cli", "copilot", "gpt-5.5"
    prices = {model: (1.3, 10, 0.125, 1.7)}

    def variables(self, machine: Machine) -> dict[str, str]:
        return {"COPILOT_AUTO_UPDATE": "false", "COPILOT_OFFLINE": "true", "COPILOT_PROVIDER_API_KEY": "none", "COPILOT_PROVIDER_BASE_URL": f"{machine.provider.url}/v1",
                "COPILOT_PROVIDER_TYPE": "openai", "COPILOT_PROVIDER_WIRE_API": "responses", "COPILOT_MODEL": self.model}

    def tell(self, machine: Machine) -> dict[str, str]:
        return machine.otlp | {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "true"}

    def ask(self, prompt: str) -> list[str]:
        return [self.program, "-p", prompt, "--allow-all-tools"]


class OpenCode(Agent):
    name, program, model = "opencode", "opencode", "coder-1"
    prices = {model: (2, 8, 0.5, 2), "small-1": (0.1, 0.4, 0.1, 0.1)}
    tells_cache_writes = False

    def config(self, machine: Machine) -> dict:
        def described(price: story.Price) -> dict:
            return {"limit": {"context": 200_000, "output": 32_000}, "cost": dict(zip(("input", "output", "cache_read", "cache_write"), price, strict=True))}

        models = {model: {"name": model} | described(price) for model, price in self.prices.items()}
        here = {"npm": "@ai-sdk/openai-compatible", "name": "Here", "options": {"baseURL": f"{machine.provider.url}/v1", "apiKey": "none"}, "models": models}
        return {"autoupdate": False, "share": "disabled", "model": f"here/{self.model}", "small_model": "here/small-1", "provider": {"here": here}}

    def set_up(self, machine: Machine) -> None:
        super().set_up(machine)
        machine.write(".config/opencode/opencode.json", json.dumps(self.config(machine)))

    def variables(self, machine: Machine) -> dict[str, str]:
        return {"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_LSP_DOWNLOAD": "1"}

    def tell(self, machine: Machine) -> dict[str, str]:
        machine.write(".config/opencode/opencode.json", json.dumps(self.config(machine) | {"experimental": {"openTelemetry": True}}))
        return machine.otlp

    def ask(self, prompt: str) -> list[str]:
        return [self.program, "run", "--auto", "--format", "json", prompt]


class Aider(Agent):
    """Has no telemetry of its own; edits and commits itself, and runs one command after each edit."""

    name, program, model = "aider", "aider", "gpt-4.1"
    prices = {model: (2, 8, 0.5, 2), "gpt-4.1-mini": (0.4, 1.6, 0.1, 0.4)}
    steps = [story.STEPS[2]]
    edits_in_text = True

    def set_up(self, machine: Machine) -> None:
        script = machine.bin / self.program
        script.write_text(f'#!/bin/sh\nPYTHONPATH="$AIDER_PACKAGES" exec {sys.executable} -m aider "$@"\n')
        script.chmod(0o755)

    def variables(self, machine: Machine) -> dict[str, str]:
        return {"OPENAI_API_BASE": f"{machine.provider.url}/v1", "OPENAI_API_KEY": "none", "AIDER_PACKAGES": str(aider_packages()), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}

    def ask(self, prompt: str) -> list[str]:
        return [self.program, "--model", f"openai/{self.model}", "--edit-format", "diff", "--yes-always", "--no-check-update", "--no-show-model-warnings", "--no-show-release-notes",
                "--no-gitignore", "--map-tokens", "0", "--no-stream", "--analytics", "--analytics-log", ".aider.analytics.jsonl", "--llm-history-file", ".aider.llm.history",
                "--auto-test", "--test-cmd", story.TESTS, "--message", prompt, "shop/cart.py"]
