export default function Report({ data }) {
  const x = data.title
  return (
    <p>{x}</p>
  );
}
