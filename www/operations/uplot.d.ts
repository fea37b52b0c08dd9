// The chart library, put beside this page by `cargo xtask pkg`.
export { default } from "uplot";
