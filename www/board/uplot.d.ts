// The chart library, put beside this file by `cargo xtask pkg`.
export { default } from "uplot";
