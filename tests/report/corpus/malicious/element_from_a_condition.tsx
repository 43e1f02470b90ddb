export default function Report({ data }) {
  const Tag = data.n ? "script" : "p";
  return <Tag />;
}
