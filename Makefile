.PHONY: setup run test demo lint bench chaos attack neighbours dist pot pictures
setup: ; @dev/setup
run: ; @dev/run
test: ; @dev/test
demo: ; @dev/demo
lint: ; @dev/lint
bench: ; @dev/bench/run
chaos: ; @dev/chaos/run
attack: ; @dev/attack/run
neighbours: ; @dev/neighbours/run
dist: ; @dev/dist
pot: ; @dev/lint --export-pot
pictures: ; @dev/pictures
