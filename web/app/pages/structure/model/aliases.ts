/** What other systems and people call the types of fields, for what is typed or pasted. */

/** What others call the types, in small letters. */
export const ALIASES = {
  text: "string", varchar: "string", char: "string", str: "string", 字符: "string", 字符串: "string", 文字: "string", 短文本: "string",
  notes: "long_text", memo: "long_text", textarea: "long_text", 多行文本: "long_text", 备注: "long_text",
  int: "integer", number: "decimal", numeric: "decimal", 数字: "decimal", 数值: "decimal", double: "float", real: "float",
  bool: "boolean", yesno: "boolean", "yes/no": "boolean", truefalse: "boolean", 布尔: "boolean", "是/否": "boolean",
  timestamp: "datetime", radio: "choice", dropdown: "choice", select: "choice", enum: "choice", 选项: "choice", 下拉: "choice",
  checkbox: "multi_choice", multiselect: "multi_choice", 复选: "multi_choice", calc: "calculated", 计算字段: "calculated",
} as const;
