export default function Report({ data }) {
  return <data.title />;
}
