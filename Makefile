.PHONY: help serve test check bench look
help:  ## montre cette aide
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile
serve:  ## démarre la démonstration sur http://localhost:8000
	scripts/serve
test:  ## lance tous les contrôles et tous les tests
	scripts/test
check:  ## lance les contrôles rapides, en moins d’une minute
	scripts/check
bench:  ## mesure les performances
	scripts/bench
look:  ## refait les images de docs/ecrans
	scripts/look
