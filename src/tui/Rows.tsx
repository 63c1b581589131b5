import { Box, Text } from "ink";

/** Painted rows, one below the other. */
export function Rows({ rows }: { rows: readonly string[] }) {
  return (
    <Box flexDirection="column">
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Text key={i} wrap="truncate">
          {row}
        </Text>
      ))}
    </Box>
  );
}
