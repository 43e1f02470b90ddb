export default function Report({ data }) {
  const x: any = data;
  return <p>{data.title}</p>;
}
