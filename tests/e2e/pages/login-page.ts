import { expect, type Page } from '@playwright/test';

/** The door. */
export class LoginPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/login');
  }

  /** Types a password and presses the button, whatever comes of it. */
  async tryPassword(password: string): Promise<void> {
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
  }

  async logIn(password: string): Promise<void> {
    await this.open();
    await this.tryPassword(password);
    await expect(this.page.getByRole('navigation', { name: 'Main' }).first()).toBeVisible();
  }

  /** Logs out with the button of the sidebar. */
  async logOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Log out' }).first().click();
    await this.page.waitForURL(/\/login/);
  }
}
