export default function Report({ data }) {
  return <svg><foreignObject><p>x</p></foreignObject></svg>;
}
