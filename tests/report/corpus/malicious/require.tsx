export default function Report({ data }) {
  const fs = require("fs");
  return <p>{data.title}</p>;
}
