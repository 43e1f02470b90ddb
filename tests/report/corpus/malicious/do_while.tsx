export default function Report({ data }) {
  do {} while (true);
  return <p>{data.title}</p>;
}
