export default function Report({ data }) {
  return (
    <article>
      <h1>{data.title}</h1>
      <p>{data.summary}</p>
    </article>
  );
}
