export default function Report({ data }) {
  return <iframe srcDoc="x" />;
}
