.PHONY: setup run test demo lint bench dist pot pictures
setup: ; @dev/setup
run: ; @dev/run
test: ; @dev/test
demo: ; @dev/demo
lint: ; @dev/lint
bench: ; @dev/bench/run
dist: ; @dev/dist
pot: ; @dev/lint --export-pot
pictures: ; @dev/pictures
