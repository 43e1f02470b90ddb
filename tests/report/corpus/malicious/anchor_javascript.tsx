export default function Report({ data }) {
  return <a href="javascript:alert(1)">more</a>;
}
