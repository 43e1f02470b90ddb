export default function Report({ data }) {
  const key = "constructor";
  const { [key]: c } = data;
  return <p>{data.title}</p>;
}
