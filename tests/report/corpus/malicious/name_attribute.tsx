export default function Report({ data }) {
  return <p name="body" />;
}
