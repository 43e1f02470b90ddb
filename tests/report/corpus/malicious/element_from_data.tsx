export default function Report({ data }) {
  const Tag = data.title;
  return <Tag />;
}
