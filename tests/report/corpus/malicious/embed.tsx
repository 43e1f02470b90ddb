export default function Report({ data }) {
  return <embed src="x.swf" />;
}
