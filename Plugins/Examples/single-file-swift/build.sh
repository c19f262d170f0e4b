#!/bin/sh
cd "$(dirname "$0")" && umask 022 && exec swiftc -O -o json-keys main.swift
