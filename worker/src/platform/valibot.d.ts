export * from "valibot";
