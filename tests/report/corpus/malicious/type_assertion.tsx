export default function Report({ data }) {
  const x = data as any;
  return <p>{data.title}</p>;
}
