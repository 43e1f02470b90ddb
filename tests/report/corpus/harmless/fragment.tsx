export default function Report({ data }) {
  return (
    <>
      <h1>{data.title}</h1>
      <hr />
      <p>{data.summary}</p>
    </>
  );
}
