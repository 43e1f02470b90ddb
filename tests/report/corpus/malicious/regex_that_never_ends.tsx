export default function Report({ data }) {
  const x = /(a+)+$/.test(data.title);
  return <p>{data.title}</p>;
}
