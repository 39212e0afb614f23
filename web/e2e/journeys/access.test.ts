/** Who may see what: asked for, granted narrower, used, revoked; and identities in an emergency, told and reviewed. */

import { expect } from "vitest";

import { add, clinic, closed, field, open } from "../harness/databases.ts";
import { becomes, gone, journey, seen } from "../harness/journey.ts";

const NAME = "欧阳若兰";
const NEXT_YEAR = `${new Date().getFullYear() + 1}-01-31`;

journey("A researcher asks for access, gets less than asked for, uses it, and loses it", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("asked", "申请演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "asked", "patient", { number: "A1", full_name: NAME });
  stage.allowed.statuses.add(403);
  stage.allowed.statuses.add(404);
  stage.allowed.words = new Set(["asked"]); // the code of the database in addresses that lead nowhere
  const person = await stage.newPerson("申请人", "researcher");

  const page = await stage.visit(person, "/access/requests");
  await page.getByRole("button", { name: "申请访问" }).click();
  const drawer = page.getByRole("dialog", { name: "申请访问" });
  await drawer.locator(".el-select", { has: page.getByLabel("病种库") }).click();
  await page.getByRole("option", { name: "申请演练库" }).click();
  await drawer.getByText("导出", { exact: true }).click();
  await drawer.getByLabel("用途和理由").fill("随访课题需要");
  await stage.look();
  await drawer.getByRole("button", { name: "提交申请" }).click();
  await seen(page.getByRole("dialog").getByText("提出申请"));

  const decider = await stage.visit("designer", "/access/requests");
  await (await seen(decider.getByRole("gridcell").filter({ hasText: "申请演练库" }))).click();
  const decision = decider.getByRole("dialog").filter({ hasText: "授予的权限" });
  await decision.getByText("导出", { exact: true }).click(); // less than asked for
  await decision.getByLabel("说明").fill("先查看");
  await decision.getByRole("button", { name: "批准" }).click();
  await seen(decider.getByText("先查看"));

  await page.goto(`${stage.origin}/databases/asked/data/patient`);
  await seen(page.getByRole("gridcell").filter({ hasText: "A1" }));
  expect(await page.content()).not.toContain(NAME);

  await decider.getByRole("dialog").getByRole("button", { name: "收回" }).click();
  const question = decider.getByRole("dialog", { name: "收回 申请人 的授权？" });
  await question.getByLabel("理由").fill("课题结束");
  await question.getByRole("button", { name: "收回" }).click();
  await gone(question);
  await page.reload();
  await seen(page.getByRole("button", { name: "申请访问" }));
});

journey("In an emergency identities are in clear, for minutes; the security administrator is told and reviews", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("rescue", "抢救演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "rescue", "patient", { number: "E1", full_name: NAME });
  const person = await stage.newPerson("值班医生", "researcher");
  const asked = await person.post<{ id: number }>("/access/requests", {
    database: "rescue", actions: ["view"], grade: 2, ends_at: `${NEXT_YEAR}T00:00:00Z`, reason: "值班",
  });
  await designer.post(`/access/requests/${asked.id}/grant`);

  const page = await stage.visit(person, "/databases/rescue/data/patient");
  await seen(page.getByRole("gridcell").filter({ hasText: "E1" }));
  expect(await page.content()).not.toContain(NAME);
  await page.getByRole("button", { name: "紧急查看" }).click();
  const dialog = page.getByRole("dialog", { name: "紧急查看身份信息" });
  await dialog.getByText("整个病种库的所有患者").click();
  await seen(dialog.getByText("将显示本库所有患者的身份信息"));
  await dialog.getByLabel("理由（至少 10 个字）").fill("夜间抢救需要核对患者身份");
  await dialog.getByRole("button", { name: "开始紧急查看" }).click();
  await seen(page.getByRole("gridcell").filter({ hasText: NAME }));
  await stage.look();
  await page.getByRole("button", { name: "立即结束" }).click();
  await becomes(() => page.getByRole("gridcell").filter({ hasText: NAME }).count(), 0);

  const security = await stage.visit("security", "/access/emergencies");
  await (await seen(security.getByRole("gridcell").filter({ hasText: "抢救演练库" }))).click();
  const review = security.getByRole("dialog").filter({ hasText: "夜间抢救需要核对患者身份" });
  await review.getByLabel("复核意见").fill("情况属实");
  await review.getByRole("button", { name: "完成复核" }).click();
  await seen(review.getByText("已复核"));
  await security.getByRole("button", { name: "通知" }).click();
  await seen(security.getByText("对病种库“抢救演练库”使用了紧急查看"));
});

journey("In an emergency for one patient, found by number, that one's identity is in clear and no other's", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("bedside", "床旁演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "bedside", "patient", { number: "E1", full_name: NAME });
  await add(designer, "bedside", "patient", { number: "E2", full_name: "慕容白" });
  await open(designer, "bedside");
  const person = await stage.newPerson("急诊医生", "researcher");
  stage.allowed.statuses.add(404);

  const page = await stage.visit(person, "/databases/bedside/data/patient");
  await page.getByRole("button", { name: "紧急查看" }).click();
  const dialog = page.getByRole("dialog", { name: "紧急查看身份信息" });
  await dialog.getByLabel("理由（至少 10 个字）").fill("急诊抢救需要核对这位患者");
  await dialog.getByLabel("患者编号").fill("E9");
  await dialog.getByRole("button", { name: "开始紧急查看" }).click();
  await seen(dialog.getByText("没有开始"));
  await dialog.getByLabel("患者编号").fill("E1");
  await dialog.getByRole("button", { name: "开始紧急查看" }).click();
  await seen(page.getByText(NAME));
  await seen(page.getByText("一名患者的紧急查看中"));
  await stage.look();
  await page.getByRole("button", { name: "下一条" }).click();
  await seen(page.getByRole("heading", { name: "患者 E2" }));
  expect(await page.content()).not.toContain("慕容白");
  await page.goto(`${stage.origin}/databases/bedside/data/patient`);
  await seen(page.getByRole("gridcell").filter({ hasText: "E1" }));
  expect(await page.content()).not.toContain(NAME);
});

journey("A security administrator grants some records until a day; the user sees exactly those, and the matrix says why", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("narrow", "限定演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "narrow", "patient", { number: "N1", sex: "1", full_name: NAME });
  await add(designer, "narrow", "patient", { number: "N2", sex: "2", full_name: "慕容白" });
  const person = await stage.newPerson("科室医生", "researcher");
  stage.allowed.statuses.add(403);

  const security = await stage.visit("security", "/access/grants");
  await security.getByRole("button", { name: "新增授权" }).click();
  const drawer = security.getByRole("dialog", { name: "新增授权" });
  await drawer.getByLabel("授权对象").fill("科室医生");
  await security.getByRole("option", { name: "科室医生" }).click();
  await drawer.locator(".el-select", { has: security.getByLabel("数据范围") }).click();
  await security.getByRole("option", { name: "限定演练库", exact: true }).click();
  await drawer.getByText("满足条件的记录").click();
  await drawer.getByRole("textbox", { name: "条件" }).fill("[patient.sex] = '1'");
  await drawer.getByLabel("有效期至").fill(NEXT_YEAR);
  await drawer.getByLabel("理由").fill("随访课题");
  await seen(drawer.getByText("将开放"));
  await stage.look();
  await drawer.getByRole("button", { name: "授权", exact: true }).click();
  await seen(security.getByText("授权已生效"));

  const page = await stage.visit(person, "/databases/narrow/data/patient");
  await seen(page.getByRole("gridcell").filter({ hasText: "N1" }));
  expect(await page.getByRole("gridcell").filter({ hasText: "N2" }).count()).toBe(0);
  expect(await page.content()).not.toContain(NAME);
  await security.goto(`${stage.origin}/access/matrix?database=narrow`);
  await (await seen(security.getByRole("gridcell").filter({ hasText: "科室医生" }))).click();
  const why = security.getByRole("dialog").filter({ hasText: "限定演练库" });
  await seen(why.getByText("上限：角色 科研人员").first());
  await seen(why.getByText("授权 · 科室医生").first());
});
