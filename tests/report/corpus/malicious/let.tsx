export default function Report({ data }) {
  let x = 1;
  return <p>{data.title}</p>;
}
