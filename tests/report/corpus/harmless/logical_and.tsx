export default function Report({ data }) {
  return (
    <div>{data.findings.length > 0 && <h2>Findings</h2>}{data.summary || "No summary"}</div>
  );
}
