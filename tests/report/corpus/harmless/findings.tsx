export default function Report({ data }) {
  return (
    <section>
      {data.findings.map((finding, i) => (
        <div key={i}>
          <h2>{finding.title}</h2>
          <p>{finding.text}</p>
        </div>
      ))}
    </section>
  );
}
