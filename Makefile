# The recipes; CI runs the same ones. `make help` lists them.
.DEFAULT_GOAL := help
CLOUD := python3 infra/local/cloud.py
PROFILE := fast

.PHONY: help
help: ## List these recipes
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: up down status logs dev redrive
up: ## Build what changed and run the whole product on this machine
	@$(CLOUD) up
down: ## Stop it; data stays
	@$(CLOUD) down
status: ## What runs, on which ports
	@$(CLOUD) status
logs: ## Follow the logs; NAMES="ingest emulator" for some of them
	@$(CLOUD) logs $(NAMES)
dev: ## Update functions and dashboard as their sources change
	@$(CLOUD) dev
redrive: ## Send the records of the failure bucket through the stream again
	@$(CLOUD) redrive

.PHONY: deploy upload
deploy: ## Build for AWS and deploy to your account (docs/deploy.md)
	@infra/deploy/run
upload: ## Only build the dashboard and put it on the deployed stack
	@infra/deploy/run --only-dashboard

.PHONY: cli
cli: HOST := $(shell rustc -vV | sed -n 's/^host: //p')
cli: ## Build `agenttrace` for this kind of machine into dist/; on Linux one static program
	RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --target $(HOST) -p agenttrace-cli
	install -D target/$(HOST)/release/agenttrace dist/agenttrace

.PHONY: fmt lint test agents-test bench lock generate
generate: ## Make openapi.json and the dashboard's types anew from the declared operations
	UPDATE=1 cargo nextest run --cargo-profile $(PROFILE) -p agenttrace-api openapi
	cd frontend && npm run --silent generate
fmt: ## Format all code
	cargo fmt --all
lint: ## rustfmt, clippy, cargo-deny, cfn-lint, TypeScript, ESLint
	@tests/run lint
test: ## Every test: Rust, dashboard, and all suites against a stack of their own
	@tests/run
agents-test: ## Real coding agents, fetched from their registries, told to a stack of its own in every way there is
	@tests/run agents
bench: ## Measure the product on a stack of its own; writes JSON. ARGS="--quick", "--help" tells more
	@$(CLOUD) venv
	@.local/venv/bin/python tests/bench/run.py $(ARGS)
lock: ## Pin Python packages anew, with hashes, from the requirements.in files
	@python3 infra/local/lock.py
