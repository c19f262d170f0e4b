#!/bin/sh
# Builds the plugin beside its source.
cd "$(dirname "$0")" && exec swiftc -O main.swift -o keyfile
