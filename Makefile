# The whole interface of the repository. `make help` lists it.

SHELL := /bin/bash
TOPOLOGY ?= topology/local.yaml
CONFIGURATION ?= Release
PIPELINE := artifacts/pipeline

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.DEFAULT_GOAL := build
.PHONY: help prerequisites foreign build sdk native web up down publish images-test image-steps notices notices-check docs-check metrics-check test test-unit test-e2e test-long soak test-foreign test-socketio test-web chaos lint format bench clean

help: ## What can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

sdk:
	@eng/sdk.sh

native: sdk ## The native Kafka library, where the package feed lacks it
	@eng/native.sh

web: ## The page and its client library, into artifacts/web; WEB=no leaves them out
	@eng/web.sh

build: native web ## Everything; the command is artifacts/pipeline
	@echo "building ($(CONFIGURATION))"
	@dotnet build Pipeline.sln -c $(CONFIGURATION) -v q --nologo -clp:NoSummary
	@eng/publish.sh $(CONFIGURATION)

up: ## The local stack in the background, in containers where a Docker engine answers (STACK=native|docker chooses); TOPOLOGY=FILE for another one
	@MAKE="$(MAKE)" eng/up.sh $(TOPOLOGY)

down: ## Stops what `make up` started; VOLUMES=yes forgets what containers kept
	@eng/down.sh

publish: native web ## What is given to others: programs of one file, images where an engine answers; SBOM=yes adds the bill of materials, RIDS="linux-x64 …" platforms
	@eng/release.sh

images-test: native ## Builds the image and runs the stack from it, bringing an engine where there is none (Debian, as root)
	@eng/images-test.sh

image-steps: native ## The steps of the image without an engine, in a folder of their own
	@eng/image-steps.sh

notices: build ## Writes THIRD-PARTY-NOTICES anew from the restored packages
	@node eng/dependencies.js notices > artifacts/notices && mv artifacts/notices THIRD-PARTY-NOTICES

notices-check: ## Whether THIRD-PARTY-NOTICES lists every package that goes out
	@node eng/dependencies.js check

docs-check: build ## Runs every command of every document once, in a copy
	@eng/docs.sh

prerequisites: ## What the end-to-end tests need from outside
	@eng/prerequisites.sh

foreign: ## Clients by other people, from npm, that the simulator is tried with
	@eng/foreign.sh

test: prerequisites foreign build ## Unit, end-to-end and foreign-client tests, and those of the page
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.Tests tests/Pipeline.Gateway.Tests tests/Pipeline.SocketIo.Tests src/web tests/Pipeline.EndToEndTests tests/Pipeline.ForeignClientTests

test-unit: build ## Unit tests alone
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.Tests tests/Pipeline.Gateway.Tests tests/Pipeline.SocketIo.Tests

test-e2e: prerequisites build ## End-to-end tests alone
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.EndToEndTests

test-long: prerequisites build ## Long forms of the end-to-end tests, about 20 minutes
	@eng/test-long.sh $(CONFIGURATION)

metrics-check: prerequisites build ## Prometheus' configuration, rules and board against each other and against the code
	@eng/metrics-check.sh $(CONFIGURATION)

chaos: prerequisites build ## Everything goes wrong for PIPELINE_CHAOS_MINUTES (20) and nothing may be lost; PIPELINE_CHAOS_SEED to do it again
	@eng/chaos.sh $(CONFIGURATION)

soak: prerequisites build ## A collector at 1,000 streams for MINUTES (60): memory, handles and threads must stay what they are; MINUTES=3 in CI
	@PIPELINE_SOAK_MINUTES=$(or $(MINUTES),60) eng/soak.sh $(CONFIGURATION)

test-foreign: prerequisites foreign build ## Foreign-client tests alone
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.ForeignClientTests

test-web: web ## Types and tests of the page, the client library and the samples of the documents
	@eng/test.sh $(CONFIGURATION) src/web

test-socketio: foreign build ## The local stack on free ports, and its candle service tried from outside
	@eng/test-socketio.sh

lint: native ## Formatting and analyzers, nothing is changed
	@dotnet restore Pipeline.sln -v q
	@dotnet format Pipeline.sln --verify-no-changes --no-restore

format: native ## Formats the sources
	@dotnet restore Pipeline.sln -v q
	@dotnet format Pipeline.sln --no-restore

bench: build ## Benchmarks; figures are ratios within one run. ONLY=flow|parsers|activity|records|collect|history|memory|fanout|gateway for one of them
	@[ -n "$(filter fanout gateway,$(ONLY))" ] || dotnet run --project tests/Pipeline.Benchmarks -c $(CONFIGURATION) --no-build -- $(ONLY)
	@[ -n "$(filter-out fanout,$(ONLY))" ] || FANOUT_REQUIRED=$(if $(filter fanout,$(ONLY)),yes,no) eng/fanout.sh $(CONFIGURATION)
	@[ -n "$(filter-out gateway,$(ONLY))" ] || eng/gateway.sh $(CONFIGURATION)

clean: ## Removes what was built
	@rm -rf artifacts $$(find src tests -type d \( -name bin -o -name obj -o -name node_modules -o -name .build \) -prune)
