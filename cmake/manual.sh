#!/bin/sh
# A manual page from what a program says of itself.
# usage: manual.sh PROGRAM NAME INCLUDE OUTPUT [VERB...]; a verb such as "im open" gets a section.
set -eu
program=$1 name=$2 include=$3 output=$4
shift 4
more=$(mktemp)
trap 'rm -f "$more"' EXIT
tail -n +2 "$include" >"$more"
for verb in "$@"; do
  # shellcheck disable=SC2086 # a verb is several words
  printf '\n[%s %s]\n.nf\n%s\n.fi\n' "$name" "$verb" \
    "$("$program" $verb --help | sed -e 's|^Usage: .*/|Usage: |' -e 's/\\/\\e/g' -e "s/^[.']/\\\\\&&/" -e 's/-/\\-/g')" >>"$more"
done
summary=$(sed -n '1s/^[^ ]* - //p' "$include")
help2man --no-info --section=1 --name="$summary" --include="$more" --output="$output" "$program"
