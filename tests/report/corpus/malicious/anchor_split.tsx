export default function Report({ data }) {
  return <a href={"java" + "script:alert(1)"}>more</a>;
}
