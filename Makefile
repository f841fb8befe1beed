.PHONY: setup run test demo lint bench chaos machines attack neighbours integrations scale dist pot pictures
setup: ; @dev/setup
run: ; @dev/run
test: ; @dev/test
demo: ; @dev/demo
lint: ; @dev/lint
bench: ; @dev/bench/run
chaos: ; @dev/chaos/run
machines: ; @dev/machines/run
attack: ; @dev/attack/run
neighbours: ; @dev/neighbours/run
integrations: ; @dev/integrations
scale: ; @dev/scale/run
dist: ; @dev/dist
pot: ; @dev/lint --export-pot
pictures: ; @dev/pictures
