// The package has no types: the path of the program.
declare module "workerd" {
  const workerd: { default: string };
  export default workerd;
}
