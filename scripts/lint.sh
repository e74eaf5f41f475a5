# Format, rules, types and import contracts; to be sourced after setup.sh. Leaves 1 in $found when one of them fails.

found=0
contracts=$(mktemp)
cd "$root"
bin=$root/.venv/bin
"$bin/ruff" format --check --quiet . || { echo "À mettre en forme : .venv/bin/ruff format ."; found=1; }
"$bin/ruff" check --quiet . || found=1
"$bin/mypy" || found=1
"$bin/lint-imports" --no-cache >"$contracts" 2>&1 || { cat "$contracts"; found=1; }
rm "$contracts"
