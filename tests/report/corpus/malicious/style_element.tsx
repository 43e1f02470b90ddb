export default function Report({ data }) {
  return <style>body</style>;
}
