# The whole interface of the repository. `make help` lists it.

SHELL := /bin/bash
TOPOLOGY ?= topology/local.yaml
CONFIGURATION ?= Release
PIPELINE := artifacts/pipeline

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.DEFAULT_GOAL := build
.PHONY: help prerequisites foreign build native web up down test test-unit test-e2e test-long test-foreign test-socketio chaos lint format bench clean

help: ## What can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

native: ## The native Kafka library, where the package feed lacks it
	@eng/native.sh

web: ## The page and its client library, into artifacts/web; WEB=no leaves them out
	@eng/web.sh

build: native web ## Everything; the command is artifacts/pipeline
	@echo "building ($(CONFIGURATION))"
	@dotnet build Pipeline.sln -c $(CONFIGURATION) -v q --nologo -clp:NoSummary
	@eng/publish.sh $(CONFIGURATION)

up: build ## The local stack in the background; TOPOLOGY=topology/recorded.yaml for another one
	@PIPELINE_COMMAND=$(PIPELINE) $(PIPELINE) up --detach --topology $(TOPOLOGY)

down: ## Stops what `make up` started
	@if [ -x $(PIPELINE) ]; then $(PIPELINE) down; else echo "nothing was built, so nothing runs"; fi

prerequisites: ## What the end-to-end tests need from outside
	@eng/prerequisites.sh

foreign: ## Clients by other people, from npm, that the simulator is tried with
	@eng/foreign.sh

test: prerequisites foreign build ## Unit, end-to-end and foreign-client tests
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.Tests tests/Pipeline.Gateway.Tests tests/Pipeline.SocketIo.Tests tests/Pipeline.EndToEndTests tests/Pipeline.ForeignClientTests

test-unit: build ## Unit tests alone
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.Tests tests/Pipeline.Gateway.Tests tests/Pipeline.SocketIo.Tests

test-e2e: prerequisites build ## End-to-end tests alone
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.EndToEndTests

test-long: prerequisites build ## Long forms of the end-to-end tests, about 20 minutes
	@eng/test-long.sh $(CONFIGURATION)

chaos: prerequisites build ## Everything goes wrong for PIPELINE_CHAOS_MINUTES (20) and nothing may be lost; PIPELINE_CHAOS_SEED to do it again
	@eng/chaos.sh $(CONFIGURATION)

test-foreign: prerequisites foreign build ## Foreign-client tests alone
	@eng/test.sh $(CONFIGURATION) tests/Pipeline.ForeignClientTests

test-socketio: foreign build ## The local stack on free ports, and its candle service tried from outside
	@eng/test-socketio.sh

lint: native ## Formatting and analyzers, nothing is changed
	@dotnet restore Pipeline.sln -v q
	@dotnet format Pipeline.sln --verify-no-changes --no-restore

format: native ## Formats the sources
	@dotnet restore Pipeline.sln -v q
	@dotnet format Pipeline.sln --no-restore

bench: build ## Benchmarks; figures are ratios within one run. ONLY=flow|parsers|activity|records|collect|history|memory|fanout for one of them
	@[ "$(ONLY)" = fanout ] || dotnet run --project tests/Pipeline.Benchmarks -c $(CONFIGURATION) --no-build -- $(ONLY)
	@[ -n "$(filter-out fanout,$(ONLY))" ] || eng/fanout.sh $(CONFIGURATION)

clean: ## Removes what was built
	@rm -rf artifacts $$(find src tests -type d \( -name bin -o -name obj -o -name node_modules -o -name .build \) -prune)
