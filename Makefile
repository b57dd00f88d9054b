# Everything there is to do with this project. Needs Go and git.
VERSION    := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILD_DATE := $(shell git log -1 --format=%cs 2>/dev/null)
LDFLAGS    := -s -w -X main.version=$(VERSION) -X main.buildDate=$(BUILD_DATE)
FUZZTIME   ?= 30s
SOAK       ?= 60

.PHONY: help build demo install test test-mail test-pages cover lint bench fuzz trial

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r t about; do printf '  %-12s %s\n' "$$t" "$$about"; done

build: ## make ./klacht
	@CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o klacht ./cmd/klacht

demo: build ## show the morning summary of the sample register on 2026-12-07
	@./klacht --dir cases --today 2026-12-07T08:30 due

install: ## put klacht where Go puts programs
	CGO_ENABLED=0 go install -trimpath -ldflags '$(LDFLAGS)' ./cmd/klacht

test: ## run the tests that need no server and no browser
	go test -timeout 30m ./...

test-mail: ## run those against real mail servers of Debian's packages, on this machine alone
	@.ci/servers
	go vet -tags mail ./...
	go test -tags mail -count 1 ./store/...
	go test -tags mail -count 1 -run Real ./cmd/klacht

test-pages: ## run those in a real browser, of Debian's packages; KLACHT_PICTURES=DIR keeps what it shows
	@.ci/pages
	go test -tags pages -count 1 ./cmd/klacht/report

cover: ## say what part of each room the tests reach, and write it to cover.html
	go test -timeout 30m -coverpkg ./... -coverprofile cover.out ./... >/dev/null
	@go tool cover -func cover.out | tail -1
	@go tool cover -html cover.out -o cover.html

lint: ## check the form of the code: gofmt, vet, staticcheck
	@test -z "$$(gofmt -l case cmd deadlines store)" || { gofmt -l case cmd deadlines store; exit 1; }
	go vet ./...
	go tool staticcheck ./...

bench: ## measure whole processes, beside a program that only reads the same files
	go test -tags bench -run '^TestBench' -count 1 -timeout 60m -v ./cmd/klacht

fuzz: ## run each fuzz test for FUZZTIME
	@go list ./... | while read -r p; do \
	  go test -list '^Fuzz' $$p | grep '^Fuzz' | while read -r f; do \
	    go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$p || exit 1; done || exit 1; done

trial: ## let all befall three clones of a register, for SOAK seconds, by the choices of SEED
	SOAK=$(SOAK) SEED=$(SEED) go test -count 1 -v -timeout 0 -run TestTrial ./cmd/klacht/trial
