export default function Report({ data }) {
  return (
    <ol>
      {data.findings.map((finding, i) => (
        <li key={i}>{`${i + 1}. ${finding.title}`}</li>
      ))}
    </ol>
  );
}
