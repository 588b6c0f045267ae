# Jalon: everything a newcomer, an operator or CI runs. `make help` explains.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN     := $(CURDIR)/bin
TOOLS   := $(CURDIR)/.bin
PORTAL  := services/portal
MODULES := $(shell sed -n 's/^\t\(\.\/.*\)/\1/p' go.work)
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# The programs of the distributed installation, one per service.
SERVICES := directory moments interviews barometer notifications portal

# One way of building, so that each package is compiled once for all programs. Without tables for debuggers (-w) they link in half the
# time and are a fifth smaller; traces keep their lines. Compilers that collect garbage less often (GOGC) take a sixth less time.
GO_BUILD = env CGO_ENABLED=0 GOGC=400 go build -trimpath -ldflags '-w $(LINK)'
export CGO_ENABLED ?= 1

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-8s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: jalon engine ## Run Jalon on http://localhost:8080, data in ./.jalon (a new folder becomes a demo company)
	@$(BIN)/jalon serve --demo-if-new

.PHONY: demo
demo: jalon engine ## Run a fresh demo company in a throwaway folder
	@$(BIN)/jalon demo

.PHONY: build
build: jalon ## Build bin/jalon, and one program per service
	@printf '%s\n' $(SERVICES) | xargs -P 2 -I {} $(GO_BUILD) -o $(BIN)/jalon-{} ./services/{}/cmd/{}

.PHONY: jalon
jalon: LINK := -X jalon.dev/services/jalon/internal/cli.Version=$(VERSION)
jalon: assets
	@mkdir -p $(BIN)
	@$(GO_BUILD) -o $(BIN)/jalon ./services/jalon/cmd/jalon

.PHONY: bus
bus: jalon ## Build bin/nats-server, the bus of several processes: for tests and scripts/distributed.sh
	@mkdir -p $(BIN)
	@cd pkg && $(GO_BUILD) -o $(BIN)/nats-server github.com/nats-io/nats-server/v2

.PHONY: assets
assets: ## Bundle the portal's script and styles
	@scripts/assets.sh

.PHONY: engine
engine: ## Install the local MongoDB engine, unless MONGODB_URI replaces it
	@[ -n "$${MONGODB_URI:-}" ] || scripts/engine.sh >/dev/null

.PHONY: test
test: ## Run every test, the browser's included, with the race detector
	@$(MAKE) --no-print-directory -j 2 engine build bus # the engine is fetched meanwhile
	@scripts/browser.sh
	@JALON_TEST_PROGRAMS=$(BIN) scripts/test.sh

.PHONY: faults
faults: build bus engine ## Kill every process at every step of the path; make test takes a sample (JALON_FAULT_SEED=n another one)
	@JALON_FULL_FAULTS=1 JALON_TEST_PROGRAMS=$(BIN) go test -race -count=1 -v -timeout 60m -run 'TestKilling|TestFaults' ./services/jalon/e2e

.PHONY: check
check: ## What a change must pass: generated code, lint, contracts, tidiness, then the tests that CI runs
	@scripts/check.sh
	@$(MAKE) --no-print-directory test

.PHONY: bench
bench: build engine ## Print the figures beside their limits (one of them by BENCH=name; growth to a million people by MILLION=1)
	@scripts/bench.sh $(if $(MILLION),-million) $(BENCH)

.PHONY: simulate
simulate: engine ## Live a year of the sample company with faults and check every promise (SEED=n DAYS=n PEOPLE=n)
	@$(GO_BUILD) -o $(BIN)/simulate ./services/jalon/cmd/simulate
	@$(BIN)/simulate -seed $(or $(SEED),0) -days $(or $(DAYS),365) -people $(or $(PEOPLE),200)

.PHONY: gen
gen: ## Generate code from proto/ and the portal's templates, and the event catalogue and the OpenAPI document
	@scripts/gen.sh

.PHONY: clean
clean: ## Remove what was built; data folders stay
	@rm -rf $(BIN) $(TOOLS) $(PORTAL)/web/node_modules
	@find $(PORTAL)/internal/assets/dist -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true
