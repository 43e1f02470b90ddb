export default function Report({ data }) {
  return <a href="data:text/html,x">more</a>;
}
